"""What runs in the engine beside the PAC file: its library, and what holds both."""
