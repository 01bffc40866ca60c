# Exceptions: what waits for a person, and what a person decides about it.
cases = Exceptions
cases-room = Exceptions, { $count } open
cases-open =
    { $count ->
        [one] 1 open
       *[other] { $count } open
    }
cases-overdue =
    { $count ->
        [one] 1 overdue
       *[other] { $count } overdue
    }
cases-as-of = As the hub said { $time }
cases-never = The hub has not been heard yet
cases-none = Nothing waits for you
cases-none-more = What ERP or CMMS refuses, and what two people claim at once, comes here with its cause.
cases-settled = Settled in the last day
cases-list = Exceptions by cause
cases-filter = Shown by who has them
cases-all = All { $count }
cases-owner = { $owner } { $count }
cases-cause = Cause
cases-with = With
cases-oldest = Oldest
cases-due = Due
case-count =
    { $count ->
        [one] 1 change
       *[other] { $count } changes
    }
case-cause = { $outside }: { $said }
case-cause-race = Two people claimed the status at once
case-group-open = Show what it holds: { $cause }
case-choose = Choose an exception
case-choose-more = Its cause, what happened and what waits behind it stand here.
case-labour = Labour { $duration }, { $by }
case-labour-unknown = Labour
case-part = Part taken: { $text }
case-status = Status { $text }
case-status-unknown = Status of the order
case-race = Two claims at once: { $text }
case-race-unknown = Two claims at once
case-entry = An entry of the order
case-step = Step: { $text }
case-field = Field { $text }
case-kept-aside = Kept aside by the hub
case-of = { $number }, { $title }
case-written-by = Made by { $by }
case-has-it = { $holder } has it.
case-stage-taken = With { $holder }
case-stage-sent-again = Sent again
case-stage-settled = Settled
case-stage-dropped = Dropped
case-due-at = Due { $time }
case-overdue-since = Overdue since { $time }
case-attempts =
    { $count ->
        [0] Not asked yet
        [one] { $system } was asked once
       *[other] { $system } was asked { $count } times
    }
case-blocks = What waits behind it
case-blocks-none = Nothing else waits for it. Everything else of the order goes on.
case-happened = What happened
case-event-made = Made
case-event-opened = Came here
case-event-refused = Refused by { $system }
case-event-taken = Taken
case-event-sent-again = Sent again
case-event-again = Refused again by { $system }
case-event-posted = Accepted by { $system }
case-event-discarded = Dropped
case-event-accepted = Accepted
case-event-rejected = Not accepted
case-event-overtaken = Settled on the order
case-event-by = { $event }, { $by }
case-decided = Your decision
case-actions = What you can do
case-open-order = Open the order
case-action-take = I take it
case-action-replay = Resend as is
case-action-accept = Accept the claim
case-action-reject = Do not accept
case-action-discard = Drop
case-action-fix = Fixed, resend all { $count }
case-action-ask = Ask
case-take-more = Others see that you have it. Nothing else changes.
case-replay-more = It is sent again under the same reference. What stands there already is found and not sent twice.
case-fix-more =
    { $count ->
        [one] The cause is fixed: 1 change is sent again under its reference.
       *[other] The cause is fixed: { $count } changes are sent again, each under its own reference.
    }
case-accept-more = The claim is brought onto the order as it is now. The facts were kept all along.
case-reject-more = The order stays as it is. The facts stay too, and both people read your reason.
case-discard-more = It is never sent. Whoever made it reads your reason.
case-reason = Reason
case-age-minutes = { $count } min
case-age-hours = { $count } h
case-age-days = { $count } d
