# Items, which people call parts.
item = Part
item-loading = Opening the part
item-number = Part number
item-facts = What the ERP says
item-part-number = Manufacturer’s part number
item-manufacturer = Manufacturer
item-unit = Unit
item-class = Class
item-criticality = Criticality
item-criticality-vital = Vital
item-criticality-essential = Essential
item-criticality-desirable = Desirable
item-abc = Share of use
item-abc-a = A, of the few that make up most
item-abc-b = B, between the two
item-abc-c = C, of the many that make up little
item-lead-time = Lead time
item-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
item-price = Price
item-price-per = { $amount } { $currency } for { $per }
item-inactive = No longer in use
item-superseded = Replaced by
item-not-recorded = Not recorded
item-stock = Stock
item-stock-none = Never checked on this laptop
item-stock-none-more = No figure of the ERP has come here. That is not zero.
item-storeroom = Storeroom
item-bin = Bin
item-on-hand = On hand
item-hard = Reserved
item-soft = Planned
item-reorder = Reorder at
item-as-of = As of
item-substitutes = May be used instead
item-substitutes-none = No substitute is recorded
item-substitutes-elsewhere =
    { $count ->
        [one] 1 more is not on this laptop
       *[other] { $count } more are not on this laptop
    }
item-open-orders = Open orders that need it
item-open-none = No open order on this laptop needs it
item-past-orders = Past orders
item-past-none = No past order on this laptop used it
item-orders-more = This laptop holds { $holds }. Orders elsewhere may need it, too.
item-planned = { $quantity } planned
item-used = { $quantity } used
stock-in-bin = { $amount } in bin { $bin }
stock-in-bins = { $amount } in { $count } bins
stock-none = None found
stock-aged = { $what } as of { $time }
