module storytelling.local/clientbody

go 1.22
