"""Role `event-consumer`: takes the events of another stage and has this stage process what they tell of."""
