"""English, Chinese, Japanese: which one is spoken, and how a sentence is said in it."""
