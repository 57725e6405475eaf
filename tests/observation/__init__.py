"""What the functions ask of AWS while the tests run, held against what the stack's plan grants them.

Modules, from the bottom: `iam` judges requests by policies, `calls` says which requests an API call makes, `stack` knows
the planned functions and resources, `recorder` watches botocore, `files` has the format of what was seen, `plugin` ties it
to pytest, and `grants` finds what is granted and never used. `shop` is a small stack for their tests.
"""
