bucket = "gallery-dev-state"
key    = "gallery.tfstate"
region = "eu-west-1"
