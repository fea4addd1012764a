"""What clients send and receive: Read models and list filters of each noun. No SQLAlchemy."""
