raise RuntimeError("neither is this")
