"""What the bot answers: no channel, no clock, no environment."""
