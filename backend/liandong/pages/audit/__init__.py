"""The books now and over time, and replays."""
