"""The evidence that a person shows somebody: its pictures, its page, its manifest, its notices."""
