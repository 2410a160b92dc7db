"""Settings, urls, asgi: one deployment per municipality."""
