module storytelling.local/identityfailure

go 1.22
