package rest

import (
	_ "embed" // for openapi.json
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// The document is a file that is kept by hand: tests compare it with what the handler does, with
// the queue's properties and with the API.
//
//go:embed openapi.json
var openapi string

// document returns the document with the address of this handler.
func document(prefix string) ([]byte, error) {
	const place = `"url": "/"`
	if prefix == "" {
		return []byte(openapi), nil
	}
	url, err := json.Marshal(prefix)
	if err != nil {
		return nil, fmt.Errorf("rest: prefix: %w", err)
	}
	return []byte(strings.Replace(openapi, place, `"url": `+string(url), 1)), nil
}

func getDocument(rq *request) (*reply, error) {
	return &reply{status: http.StatusOK, body: rq.handler.openapi}, nil
}
