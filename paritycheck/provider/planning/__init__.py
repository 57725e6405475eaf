"""What a provider plans and refuses, from its schema and the facts about it."""
