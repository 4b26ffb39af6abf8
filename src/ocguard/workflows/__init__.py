"""What a person does, composed from the rooms below."""
