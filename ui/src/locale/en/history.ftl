# The history of an asset.
assets = Assets
assets-tree = Locations and assets
assets-tree-hint = Open a level, or find an asset by its number or name with the search above.
assets-tree-none = No asset is on this laptop yet.
assets-tree-cut = More than 200 are on this level. The search finds the others.
assets-tree-open = Open what is below { $name }
assets-tree-close = Close what is below { $name }
asset-tabs = Parts of this page
asset-tab-now = Now
asset-tab-reliability = Reliability
asset-tab-parts = Parts
asset-children = Parts of this asset
history-imported = Imported history
history-until = { $file }, ends { $day }
history-repeats =
    { $count ->
        [one] 1 line repeats another
       *[other] { $count } lines repeat others
    }, { $cost }
history-count-once = Count them once
history-count-all = Count all lines
history-costs-not-yours = Costs of this plant are for planners and supervisors, so this page has none.
history-costs-none = No costs are recorded, so this page has none.
history-costs-other =
    { $count ->
        [one] 1 line has its cost
       *[other] { $count } lines have their costs
    } in another currency; no sum holds them.
history-lines = Order lines
history-lines-week = { $count } a week
history-cost = Cost, as posted
history-cost-currency = in { $currency }
history-corrective = Corrective, type { $kinds }
history-corrective-plain = Corrective
history-type = { $kind } { $count }
history-big = Big orders, { $amount } or more
history-big-of = of cost
history-lines-of = of lines
history-big-lines = { $count } of { $all } lines
history-free = Without any cost
history-free-lines =
    { $count ->
        [one] 1 line
       *[other] { $count } lines
    }, { $negative } negative
history-between = Days between failures
history-between-days = { $days } days
history-between-more = { $system }, median { $median }; calendar days, not MTBF
history-months = Orders and cost by month
history-months-plain = Orders by month
history-months-corrective = { $kinds }
history-months-others = other types
history-months-cost = cost in { $currency }, downwards
history-span = { $first } to { $last }
history-part-years =
    { $count ->
        [one] { $years } is a part year
       *[other] { $years } are part years
    }
history-year-orders =
    { $count ->
        [one] 1 order
       *[other] { $count } orders
    }
history-year-both = { $orders }, { $cost }
history-formula = How this is counted
history-formula-of = How this is counted: { $title }
history-list = List
history-list-of = List: { $title }
history-close = Close
history-actors = Bad actors
history-actors-hint =
    first system named; { $count ->
        [one] 1 line names none and counts
       *[other] { $count } lines name none and count
    } by part
history-system = System
history-orders = Orders
history-cost-short = Cost
history-running = Running share of cost
history-by-part = by part
history-unnamed = Neither named
history-others =
    { $count ->
        [one] 1 other
       *[other] { $count } others
    }
history-all = All
history-modes = Failure modes over time
history-modes-hint = first mode named, orders
history-mode = Mode, as the text says
history-modes-others =
    { $count ->
        [one] 1 other mode
       *[other] { $count } other modes
    }
history-mode-none = No mode given
history-gaps = { $system }, days between failures
history-gaps-plain = Days between failures
history-gaps-system = System
history-gaps-hint =
    { $count ->
        [one] 1 gap
       *[other] { $count } gaps
    }, calendar days; dashed: if failures were random
history-gaps-none = No order names both a system and a failure mode, so there are no failures to count.
history-gaps-few = One failure day only, so there is no gap to count.
history-gap-bar =
    { $range } days: { $count ->
        [one] 1 gap
       *[other] { $count } gaps
    }, { $random } if random
history-gap-range = { $from } to { $to }
history-gap-over = { $from } or more
history-trend = Trend { $trend }
history-trend-closer = , 1.00 is steady: over all years failures came closer together.
history-trend-apart = , 1.00 is steady: over all years failures came further apart.
history-trend-steady = , 1.00 is steady.
history-worst = Worst year { $year }. Longest gap { $days } days.
history-year = Year
history-failure-days = Failure days
history-days-per = Days per failure
history-parts = Spare parts replaced
history-parts-hint = no parts list came with the history
history-part-word = Part word in the order
history-replaced = Replaced
history-every = Every
history-every-days = { $days } d
history-last = Last
history-parts-none = No order says that a part was replaced.
history-parts-more =
    { $count ->
        [one] 1 more part
       *[other] { $count } more parts
    } on the tab Parts
history-part-no-item = No item
history-last-ten = Last orders
history-all-lines = All { $count }
history-no-cost = no cost
history-line-twice = Line twice
history-open = Open work
history-open-unknown = Status not in the file
history-open-known = Every line says its status.
history-open-lines =
    { $count ->
        [one] 1
       *[other] { $count }
    } of the { $all } lines since { $day } carry no cost and may still be open.
history-open-plain =
    { $count ->
        [one] 1 line
       *[other] { $count } lines
    } since { $day } may still be open.
history-open-check = Check the { $count }
history-meters = Meters
history-meter-hours = Operating hours
history-meter-never = Never read here
history-meter-so = So every interval on this page is in calendar days.
history-fleet = Among { $count } assets of this kind
history-fleet-asset = Asset
history-fleet-this = this asset
history-fleet-years = Years
history-fleet-year = Cost a year
history-from = Where it comes from
history-from-file =
    { $file }, { $read ->
        [one] 1 line
       *[other] { $read } lines
    }; { $lines } of this asset.
history-from-unknown =
    { $lines ->
        [one] 1 line
       *[other] { $lines } lines
    } of an import this laptop does not know.
history-from-refused =
    { $count ->
        [one] 1 line was
       *[other] { $count } lines were
    } not taken.
history-from-repaired =
    { $count ->
        [one] 1 line was
       *[other] { $count } lines were
    } repaired.
history-from-remark = Line { $line }: { $why }
history-from-cmms =
    { $count ->
        [one] 1 order
       *[other] { $count } orders
    } from the CMMS.
history-from-failure = Failure: a corrective order with a mode that names { $system }; one a day ({ $lines } lines, { $days } days).
history-more = Show older ones
history-page-sum =
    { $count ->
        [one] 1 line
       *[other] { $count } lines
    }, { $cost }
history-page-lines =
    { $count ->
        [one] 1 line
       *[other] { $count } lines
    }
history-page-none = No line is counted here.
history-page-loading = Reading the lines
history-fx-months = Lines by the month of their day. Bars upwards are orders: filled for corrective types, outlined for all others. Bars downwards are the costs of the month. Numbered are the five dearest orders, each once. A month without costs has no bar; a month with negative costs in sum has none either.
history-fx-actors = Each line counts once: under the first system it names, else under its part. Of several parts a line counts under one that at least an eighth of all lines with a part name, else under the first. The running share is the cost of a row and all rows above it, divided by the cost of all lines.
history-fx-modes = Each line counts under the first failure mode it names, in the year of its day. Rarer modes than the six most usual stand together.
history-fx-gaps = A failure is a corrective order with a failure mode that names the system; several of one day are one failure. A gap is the number of calendar days from one failure day to the next. No running hours are known, so this is no MTBF. Dashed is the number of gaps of that length if failures came at random with the same mean. The trend is n divided by the sum of ln(T/t), with t the days from the first day of the history to each failure and T to its last day: above 1 failures come closer together. Days per failure are the days of the year inside the history divided by its failure days.
history-fx-parts = Lines whose action says replace, by the part they count under. Every is the median of the calendar days between two days with a replacement, cut to whole days.
