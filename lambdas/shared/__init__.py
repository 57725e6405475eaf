"""What several functions need; every function's archive holds it."""
