"""Questions answered: names resolved, queries run, every row traced to what it rests on."""
