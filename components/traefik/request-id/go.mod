module storytelling.local/requestid

go 1.22
