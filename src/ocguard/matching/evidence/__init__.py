"""What agrees and what differs between a suspect and a work that were laid on each other."""
