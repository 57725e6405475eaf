"""The embedded providers behind the offline engine: schemas, planning, data sources and the plugin server."""
