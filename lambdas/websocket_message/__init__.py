"""Takes what customers and drivers send over the WebSocket API.

A message is a JSON object with `action` "sendmessage" and a `type`:

    type         from             further fields                        answered with
    subscribe    either           order_id                              order_id, status
    assignments  driver                                                 assignments
    locations    driver           region, positions (1 to 100 of        positions (how many)
                                  latitude, longitude, recorded_at)
    picked_up    order's driver   order_id                              order_id, at
    delivered    order's driver   order_id                              order_id, at
    photo_url    order's driver   order_id, content_type (image/jpeg)   order_id, key, url, expires_in
    rating       its customer     order_id, rating (1 to 5),            order_id, rating, tip_cents
                                  tip_cents (0 to 100000; 0 if absent)

recorded_at is in epoch milliseconds. A rating comes once and with its tip, which is possible until the end of the day
of the delivery (UTC): then the day's earnings are settled.

A driver's app asks for `assignments` when it has connected, because an assignment is pushed to him once, to the
connections that he has then. The answer lists his orders that are not delivered, each with order_id, status and the
fields of the push: restaurant_id, pickup, destination, preparation_minutes, distance_km, surge, assigned_at. An order
that was assigned a moment ago may not be among them, because it is listed from just before its push on: the push comes
for this one. Who comes twice, listed and pushed, is known by the order_id.

An answer has the message's type; an error has the type "error", the message's own in `of`, a `message` for people, and
a `code`:

    message_invalid      the fields in `problems` are wrong
    role_wrong           only the other role may send this
    order_unknown        there is no such order, or it is somebody else's
    status_wrong         the order is not, or no longer, where it would have to be
    rated_already        the order has another rating, or another tip
    tip_late             the day of the delivery is over; a rating without a tip is possible
    connection_unknown   connect again
    unavailable          it was not done, or not all of it; the same message may be sent again, and counts once
"""
