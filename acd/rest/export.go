package rest

import (
	"bytes"
	"encoding/csv"
	"net/http"
)

// export answers with a whole list as a file of comma-separated values: a line of
// names, then a line for each entry, blank fields empty.
func export[T any](name string, t table[T], s source[T]) (*reply, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	line := make([]string, len(t))
	for i, c := range t {
		line[i] = c.name
	}
	err := w.Write(line)
	for item, bad := range s.all {
		if bad != nil {
			return nil, bad
		}
		for i, c := range t {
			line[i] = c.get(&item).String()
		}
		if err == nil {
			err = w.Write(line)
		}
	}
	w.Flush()
	return &reply{status: http.StatusOK, body: b.Bytes(), header: [][2]string{
		{"Content-Type", "application/octet-stream"},
		{"Content-Disposition", `attachment; filename="` + name + `"`},
	}}, err
}
