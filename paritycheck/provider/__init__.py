"""The embedded providers behind the offline engine; they know nothing of parity.

`interface` is the seam: `aws`, `companions` and `generic` implement it with what `schemas` describe and `planning`
decides, and `plugin` serves them over the plugin protocol, whose `values` are Terraform's own. `builtin` lists what ships.
"""
