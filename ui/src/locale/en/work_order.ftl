# Work orders.
work-list = My work orders
group-in-progress = In progress
group-next = Next
group-on-hold = On hold
group-waiting = Waiting for parts
group-finished = Finished
work-none = Nothing left for you
work-none-more = No order on this laptop is assigned to you. New work arrives by itself when there is a connection.
work-exchange = Ask the hub now
work-choose = Choose an order from the list
work-choose-more = J and K move, Enter opens.
due = due { $time }
priority = Priority { $level }
priority-short = P{ $level }
parts-taken-of = Parts { $taken } of { $total }
steps-done-of = { $done } of { $total } done
steps-chip = Steps { $done } of { $total }
labour-runs = Your labour runs
not-sent-chip =
    { $count ->
        [one] 1 change saved on this laptop, not sent
       *[other] { $count } changes saved on this laptop, not sent
    }
attention-chip =
    { $count ->
        [one] 1 change needs attention
       *[other] { $count } changes need attention
    }
order-number = WO { $number }
order-loading = Opening the order
permit-until = Permit { $number } ends { $time }
permit = Permit { $number }
asset-down = Down since { $time }
job-plan = Job plan { $name }
order-description = Description
steps = Steps
steps-none = This order has no steps
steps-none-more = Work by the description; notes and labour are kept with the order.
steps-earlier = Earlier steps ({ $count })
steps-later = Later steps ({ $count })
step-tick = Done: { $text }
step-value-of = Value: { $text }
step-text-of = Text: { $text }
step-less = Less
step-more = More
step-record = Record
step-change = Change
step-text-empty = Enter what you found
limit-both = Limit { $lower } to { $upper }
limit-upper = Limit { $upper }
limit-lower = At least { $lower }
result-by = { $by }, { $time }
result-inside = On { $laptop }. Inside the limit.
result-on = On { $laptop }.
result-above = On { $laptop }. Above { $limit }.
result-below = On { $laptop }. Below { $limit }.
result-outside-short = Outside the limit
two-versions = Two versions
two-versions-more = Both stay in the history. Notes, photos and labour did not clash and were merged by themselves.
you = You
versions-two =
    { $isReading ->
        [yes] { $one } and { $other } recorded different readings
       *[other] { $one } and { $other } recorded different results
    }
versions-many =
    { $isReading ->
        [yes] { $count } people recorded different readings
       *[other] { $count } people recorded different results
    }
versions-one-person =
    { $isReading ->
        [yes] Different readings were recorded on two laptops
       *[other] Different results were recorded on two laptops
    }
versions-owner = { $owner } has it.
versions-fail-stands = A value outside the limit stands until a planner or supervisor sets it aside.
versions-keep-readings = Keep both readings
versions-keep = Keep both
versions-use-mine = Use mine
versions-use = Use { $by }’s
versions-ask = Ask the planner
versions-set-aside = Set { $value } aside
versions-set-aside-reason = Why does { $value } not count?
versions-set-aside-confirm = Set it aside
step-untick = Untick
removed-steps = Removed by the CMMS
removed-steps-more = These steps are no longer in the plan. What was recorded of them is kept.
step-history = History of { $text }
history-result = { $value }, { $by } { $time } on { $laptop }
history-tick = Done
choice-keep-both = { $by } kept both, { $time }.
choice-use = { $by } uses { $value }, { $time }.
choice-set-aside = { $by } set { $value } aside, { $time }.
choice-ask = { $by } asked the planner, { $time }.
choice-reason = { " " }{ $reason }
clashes-chip =
    { $count ->
        [one] 1 step has two versions
       *[other] { $count } steps have two versions
    }
correct = Correct
take-back = Take back
take-back-and-record = Take back and record
take-back-of = Correct { $name }
take-back-minutes = The right time in minutes, if there was any
taken-back = Taken back { $time }
failure-report = Failure
failure-reports = Failure reports
failure-title = Report a failure
failure-what = What was noticed
failure-part = Which part
failure-cause = Why
failure-chosen = Chosen so far
failure-choose-again = Choose again
failure-text = In your words, if it helps
failure-save = Save report
failure-wait = Reading the codes
failure-official = Official report
failure-make-official = Make it the official report
parts = Parts
parts-empty = No parts planned
stock-as-of = Stock as of { $time }
stock-never = Never checked on this laptop
stock-never-short = Never checked
bin-name = Bin { $bin }
bin-none = None found
on-hand = { $quantity } on hand
part-need = need { $quantity }
part-taken = { $quantity } taken
part-unnamed = Description not yet on this laptop
part-take = Take
part-take-of = Take { $item }
part-quantity = Quantity
part-bin = Bin
part-confirm = Take it
part-used = { $quantity } from { $bin }, { $by } { $time }
cancel = Cancel
notes = Notes
notes-none = No notes yet
note-write = Note
note-title = Write a note
note-text = Text
note-save = Save note
labour = Labour
labour-none = No labour yet
labour-between = { $start } to { $end }
labour-since = since { $start }, running
labour-check-time = Check the time
labour-overlaps = Overlaps other labour
labour-yours = Your labour
labour-not-running = Not running
labour-start = Start labour
labour-pause = Pause
attention-here = Needs attention
settled-here = Settled
unsent-here = Saved on this laptop, not sent yet
unsent-here-none = Nothing of this order waits on this laptop.
unsent-reassure = Sends by itself when there is a connection. You can keep working and lock the laptop.
order-start = Start work
order-hold = Hold
order-resume = Resume work
order-finish = Finish work
hold-title = Put the order on hold
hold-reason = Reason
finish-title = Finish work
finish-open-steps = Steps without a result
finish-failed-steps = Readings outside the limits
finish-untaken = Parts not taken
finish-labour-stops = Your labour runs and stops when you finish.
finish-complete = Every step has a result.
finish-blocked = Finish is possible when every step has a result.
finish-wait = Checking the order
order-actions = Actions of the order

# The plan: the planner changes it, anybody else proposes.
plan-open = Change priority or finish
plan-propose-open = Propose priority or finish
plan-title = Change the plan
plan-propose-title = Propose a change of the plan
plan-priority = Priority
plan-finish = Required finish
plan-reason = Why, for the planner
plan-save = Change
plan-propose = Write it as a note
now-with = Now with { $names }
