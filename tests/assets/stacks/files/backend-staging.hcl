bucket = "gallery-staging-state"
key    = "gallery.tfstate"
region = "eu-west-1"
