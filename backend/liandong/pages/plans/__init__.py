"""Plans: in force, announced, past; and the editor, with what a draft would pay."""
