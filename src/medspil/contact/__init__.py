"""What somebody comes with: requests and handing on."""
