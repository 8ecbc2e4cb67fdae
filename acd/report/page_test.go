package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPageSetsTheFirstRowApartOnlyIfItIs(t *testing.T) {
	t.Parallel()
	for alike, want := range map[bool]string{false: "<table>", true: `<table class="alike">`} {
		var b strings.Builder
		require.NoError(t, Page{Sections: []Section{{Table: &Table{Columns: Columns("a"), Alike: alike}}}}.Write(&b))
		assert.Contains(t, b.String(), want)
	}
}

func TestPageAsAFile(t *testing.T) {
	t.Parallel()
	page := Page{Title: "A page"}
	var b strings.Builder
	require.NoError(t, page.Write(&b))
	name := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(name, make([]byte, 100_000), 0o600))
	require.NoError(t, page.WriteFile(name))
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, b.String(), string(got))
	assert.ErrorContains(t, page.WriteFile(filepath.Dir(name)), filepath.Dir(name))
}

func TestPageIsSelfContainedAndEscaped(t *testing.T) {
	t.Parallel()
	table := &Table{Columns: Columns("agent", "wait\nmean"), Notes: []string{"<note>"}}
	table.Add("<script>alert(1)</script>", "1")
	page := Page{
		Title: "A <b>page</b>", Lead: []string{"Lead & follow"},
		Sections: []Section{
			{
				Title: "One", Text: []string{"<p>"}, Table: table, After: []string{"</section>"},
				Figures: []Figure{Bars{Title: "<bars>", Bars: []Bar{{Name: "x", Value: 1}}}.Figure(), Lines{Title: "lines", Series: []Line{{Name: "<real>"}}}.Figure()},
			},
			{Title: "Empty"},
		},
	}
	var first, second strings.Builder
	require.NoError(t, page.Write(&first))
	require.NoError(t, page.Write(&second))
	html := first.String()
	assert.Equal(t, html, second.String())
	for _, never := range []string{"<script", "http:", "https:", "url(", "@import", "<b>", "<note>", "<real>", "<bars>", "ZgotmplZ"} {
		assert.NotContains(t, html, never)
	}
	for _, once := range []string{"</section>\n<section>", "Lead &amp; follow", "wait<br>mean", "<svg", "prefers-color-scheme: dark"} {
		assert.Contains(t, html, once)
	}
}
