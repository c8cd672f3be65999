"""Mail as bytes: reading it into properties, writing it from properties, bodies as text and as HTML."""
