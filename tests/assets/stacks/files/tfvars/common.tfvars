application = "gallery"
