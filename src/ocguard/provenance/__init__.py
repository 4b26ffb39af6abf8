"""What a file says of itself: the opt-out we write, and what a suspect's file declares."""
