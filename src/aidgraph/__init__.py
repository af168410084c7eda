"""aidgraph: pairing assistance to Xinjiang (对口援疆) as a graph that proves its answers."""
