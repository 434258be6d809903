"""The ways out of the house. Each sender takes one message and answers with an Outcome; none touches the database."""
