bucket = "gallery-prod-state"
key    = "gallery.tfstate"
region = "eu-west-1"
