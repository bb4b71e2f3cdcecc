"""The facilitator's use of the model: a page for policy workshops (`twoclaims app`)."""
