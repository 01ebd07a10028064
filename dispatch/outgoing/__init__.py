"""What leaves the house: mails and calendar entries; facts in, bytes out."""
