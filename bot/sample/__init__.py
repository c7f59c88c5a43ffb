"""The sample newsroom: invented outlets and people, served over loopback HTTP like real feeds."""
