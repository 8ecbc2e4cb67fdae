package rest

import (
	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// The lists of callers: who goes first, who is blocked. Those with agents of their own
// are in exclusive.go.

// listingColumns are the columns of an entry of any list, by name.
func listingColumn[T any](name string, of func(*T) *queue.Listing) column[T] {
	kind, get := text, func(*queue.Listing) value { return value{} }
	switch name {
	case "id":
		get = func(l *queue.Listing) value { return textOf(l.ID) }
	case "number":
		get = func(l *queue.Listing) value { return textOf(l.Number) }
	case "longitude":
		get = func(l *queue.Listing) value { return textOf(l.Longitude) }
	case "latitude":
		get = func(l *queue.Listing) value { return textOf(l.Latitude) }
	case "address":
		get = func(l *queue.Listing) value { return textOf(l.Address) }
	case "description":
		get = func(l *queue.Listing) value { return textOf(l.Description) }
	case "enabled":
		kind, get = boolean, func(l *queue.Listing) value { return booleanOf(l.Enabled) }
	case "created_at":
		kind, get = instant, func(l *queue.Listing) value { return instantOf(l.Created) }
	case "updated_at":
		kind, get = instant, func(l *queue.Listing) value { return instantOf(l.Updated) }
	case "expire_at":
		kind, get = instant, func(l *queue.Listing) value { return instantOf(l.Expires) }
	}
	return column[T]{field{name, kind}, func(v *T) value { return get(of(v)) }}
}

func listingTable[T any](of func(*T) *queue.Listing, names ...string) table[T] {
	t := make(table[T], len(names))
	for i, name := range names {
		t[i] = listingColumn(name, of)
	}
	return t
}

var (
	vipTable = listingTable(func(l *queue.Listing) *queue.Listing { return l },
		"id", "number", "longitude", "latitude", "address", "created_at", "updated_at", "expire_at", "enabled", "description")
	blockedTable = append(listingTable(func(b *queue.BlockedNumber) *queue.Listing { return &b.Listing },
		"id", "number", "longitude", "latitude", "address", "created_at", "updated_at", "expire_at", "enabled", "description"),
		column[queue.BlockedNumber]{field{"level", text}, func(b *queue.BlockedNumber) value { return textOf(b.Level.String()) }},
		column[queue.BlockedNumber]{field{"trigger_times", number}, func(b *queue.BlockedNumber) value { return numberOf(b.Triggered) }})
)

// caller reads the number of an entry, which identifies a caller. One that is new must
// have it.
func (f *form) caller(l *queue.Listing, r rule) {
	given := f.text("number", &l.Number, r)
	if !given && l.Number == "" {
		f.miss("number", r.must)
	} else if given && l.Number != "" && !queue.Identifies(l.Number) {
		f.refuse("number", f.find("number"), "must have 3 digits at the least and not be withheld")
	}
}

// about reads what is kept of an entry beside its number.
func (f *form) about(l *queue.Listing) {
	f.flag("enabled", &l.Enabled, true)
	f.text("description", &l.Description, descriptionRule)
}

// place reads where a caller is said to be, and until when he is on the list.
func (f *form) place(l *queue.Listing) {
	f.text("longitude", &l.Longitude, placeRule)
	f.text("latitude", &l.Latitude, placeRule)
	f.text("address", &l.Address, addressRule)
	f.instant("expire_at", &l.Expires)
}

func newListing() queue.Listing { return queue.Listing{ID: acd.NewID(), Enabled: true} }

// create applies the making of an entry and answers with its id.
func (rq *request) create(id string, in acd.Input) (*reply, error) {
	if err := rq.do(in); err != nil {
		return nil, err
	}
	return object(appendField([]byte{'{'}, "id", textOf(id))), nil
}

// show answers with one item of a table, which has a revision.
func show[T any](t table[T], v T, revision uint64, err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	b := t.append(nil, &v)
	return object(b[:len(b)-1]).of(revision), nil
}

// ---- Callers who go first (B51).

func vipSource(rq *request) source[queue.Listing] {
	return source[queue.Listing]{
		all: paged(rq.router.VIPs),
		page: func(skip, top int) ([]queue.Listing, int, error) {
			page, err := rq.router.VIPs(skip, top)
			return page, rq.router.Lists().VIP, err
		},
	}
}

func listVIP(rq *request) (*reply, error) { return list(rq, vipTable, vipSource(rq), 0) }

func exportVIP(rq *request) (*reply, error) {
	return export("vip_numbers.csv", vipTable, vipSource(rq))
}

func (rq *request) vip() (queue.Listing, uint64, error) {
	l, err := rq.router.VIPByID(rq.PathValue("id"))
	return l, l.Revision, err
}

func getVIP(rq *request) (*reply, error) {
	l, revision, err := rq.vip()
	return show(vipTable, l, revision, err)
}

func (f *form) vip(l *queue.Listing, now []byte) error {
	f.caller(l, numberRule)
	f.place(l)
	f.about(l)
	return f.done(now)
}

func createVIP(rq *request) (*reply, error) {
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	l := newListing()
	if err := f.vip(&l, nil); err != nil {
		return nil, err
	}
	return rq.create(l.ID, acd.SetVIP{Listing: l})
}

func updateVIP(rq *request) (*reply, error) {
	return revise(rq, rq.vip, func(l queue.Listing, f *form) (acd.Input, error) {
		err := f.vip(&l, vipTable.append(nil, &l))
		return acd.SetVIP{Listing: l}, err
	})
}

func destroyVIP(rq *request) (*reply, error) {
	return destroy(rq, rq.vip, func(l queue.Listing, revision uint64) acd.Input {
		return acd.RemoveVIP{ID: l.ID, Revision: revision}
	})
}

// ---- Blocked callers (B45).

func blockedSource(rq *request) source[queue.BlockedNumber] {
	return source[queue.BlockedNumber]{
		all: paged(rq.router.BlockedPage),
		page: func(skip, top int) ([]queue.BlockedNumber, int, error) {
			page, err := rq.router.BlockedPage(skip, top)
			return page, rq.router.Lists().Blocked, err
		},
	}
}

func listBlocked(rq *request) (*reply, error) { return list(rq, blockedTable, blockedSource(rq), 0) }

func exportBlocked(rq *request) (*reply, error) {
	return export("blacklisted_numbers.csv", blockedTable, blockedSource(rq))
}

func (rq *request) blocked() (queue.BlockedNumber, uint64, error) {
	b, err := rq.router.BlockedByID(rq.PathValue("id"))
	return b, b.Revision, err
}

func getBlocked(rq *request) (*reply, error) {
	b, revision, err := rq.blocked()
	return show(blockedTable, b, revision, err)
}

// blocked reads an entry; a new one must say its level.
func (f *form) blocked(in *acd.SetBlocked, now []byte) error {
	f.caller(&in.Listing, numberRule)
	level := in.Level.String()
	f.choice("level", &level, now != nil, "FIRST", "SECOND")
	in.Level = queue.BlockFirst
	if level == "SECOND" {
		in.Level = queue.BlockSecond
	}
	f.place(&in.Listing)
	if count := in.Triggered; f.integer("trigger_times", &count, 0, maxSkip, 0) {
		in.Count = &count
	}
	f.about(&in.Listing)
	return f.done(now)
}

func createBlocked(rq *request) (*reply, error) {
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	in := acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: newListing()}}
	if err := f.blocked(&in, nil); err != nil {
		return nil, err
	}
	return rq.create(in.ID, in)
}

func updateBlocked(rq *request) (*reply, error) {
	return revise(rq, rq.blocked, func(b queue.BlockedNumber, f *form) (acd.Input, error) {
		in := acd.SetBlocked{BlockedNumber: b}
		err := f.blocked(&in, blockedTable.append(nil, &b))
		return in, err
	})
}

func destroyBlocked(rq *request) (*reply, error) {
	return destroy(rq, rq.blocked, func(b queue.BlockedNumber, revision uint64) acd.Input {
		return acd.RemoveBlocked{ID: b.ID, Revision: revision}
	})
}
