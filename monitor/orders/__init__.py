"""Orders at the court's desk: made from a template that is data, signed on paper, changed by versions, sent onward."""
