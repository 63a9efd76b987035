module storytelling.local/clientheaders

go 1.22
