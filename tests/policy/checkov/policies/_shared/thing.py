raise RuntimeError("what is shared is no policy")
