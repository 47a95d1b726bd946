"""The current image: what the model and people say of it, and every way to label it."""
