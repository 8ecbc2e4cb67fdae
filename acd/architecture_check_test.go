package acd_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// modulePath is the root module; everything in the tree is below it.
const modulePath = "github.com/acdkit/acdkit"

// rooms are the five packages of the house, each of which may import those
// before it.
var rooms = []string{"agent", "strategy", "queue", "callback", "acd"}

// shell are the files of package acd that may read a clock, lock and start a
// goroutine. Every other file of the rooms is pure.
var shell = regexp.MustCompile(`^acd/(router\w*|clock|memory|id)\.go$`)

// linkable are the foreign modules that a host may be made to link.
var linkable = []string{"github.com/google/uuid", "golang.org/x/text", "golang.org/x/exp"}

// A sourceFile is one parsed non-test file.
type sourceFile struct {
	name   string // slash-separated, from the root: "acd/engine.go"
	nested bool   // of a module of its own
	set    *token.FileSet
	ast    *ast.File
}

func (f *sourceFile) dir() string { return path.Dir(f.name) }

// pure reports whether f must be a function of its inputs.
func (f *sourceFile) pure() bool {
	room, _, _ := strings.Cut(f.name, "/")
	return slices.Contains(rooms, room) && (room != "acd" || f.dir() == "acd") && !shell.MatchString(f.name)
}

// problem renders a finding with its place.
func (f *sourceFile) problem(at token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", f.name, f.set.Position(at).Line, fmt.Sprintf(format, args...))
}

// imported is one import of a file.
type imported struct {
	path string
	name string // in this file; "." and "_" as written
	at   token.Pos
}

func (f *sourceFile) imports() []imported {
	var all []imported
	for _, spec := range f.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused it
		}
		name := path.Base(p)
		if regexp.MustCompile(`^v\d+$`).MatchString(name) {
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		all = append(all, imported{p, name, spec.Pos()})
	}
	return all
}

// parseSource parses one file given as text; tests of the checks use it.
func parseSource(t *testing.T, name, source string) *sourceFile {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.ParseComments)
	if err != nil {
		t.Fatalf("parse %s: %v", name, err)
	}
	return &sourceFile{name: name, set: set, ast: file}
}

// moduleRoot returns the directory of the root module's go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module "+modulePath+"\n") {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod of " + modulePath + " above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}

// walkTree calls visit for every file of the tree but those in hidden
// directories.
func walkTree(t *testing.T, visit func(name, full string)) {
	t.Helper()
	root := moduleRoot(t)
	err := filepath.WalkDir(root, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if full != root && strings.HasPrefix(d.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(root, full)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(rel), full)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// parseTree parses every non-test Go file of the tree, nested modules too.
func parseTree(t *testing.T) []*sourceFile {
	t.Helper()
	var files []*sourceFile
	var nested []string // directories with a go.mod of their own
	walkTree(t, func(name, full string) {
		switch {
		case path.Base(name) == "go.mod" && name != "go.mod":
			nested = append(nested, path.Dir(name)+"/")
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.Contains(name, "/testdata/"):
			text, err := os.ReadFile(full)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, parseSource(t, name, string(text)))
		}
	})
	for _, f := range files {
		f.nested = slices.ContainsFunc(nested, func(dir string) bool { return strings.HasPrefix(f.name, dir) })
	}
	if len(files) == 0 {
		t.Fatal("found no source file: the checks would prove nothing")
	}
	return files
}

// checkImports finds imports against the direction of the house and foreign
// ones that a host would have to link.
func checkImports(f *sourceFile) []string {
	var problems []string
	room := slices.Index(rooms, f.dir())
	for _, im := range f.imports() {
		inner, own := strings.CutPrefix(im.path, modulePath+"/")
		target := slices.Index(rooms, inner)
		switch {
		case own && (inner == "examples" || strings.HasPrefix(inner, "examples/")):
			problems = append(problems, f.problem(im.at, "imports the example %s: examples are programs", inner))
		case own && room >= 0 && target < 0:
			problems = append(problems, f.problem(im.at, "imports %s: a room never imports what is built on it", inner))
		case own && room >= 0 && target >= room:
			problems = append(problems, f.problem(im.at, "imports %s: %s may only import the rooms before it (%s)",
				inner, rooms[room], strings.Join(rooms[:room], ", ")))
		case own || f.nested || !foreign(im.path):
		case f.dir() == "acd/acdtest":
			problems = append(problems, f.problem(im.at, "imports %s: the test kit needs nothing but the standard library", im.path))
		case !slices.ContainsFunc(linkable, func(m string) bool { return im.path == m || strings.HasPrefix(im.path, m+"/") }):
			problems = append(problems, f.problem(im.at, "imports %s: a host links only std, %s", im.path, strings.Join(linkable, ", ")))
		}
	}
	return problems
}

// foreign reports whether an import path is outside the standard library.
func foreign(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return strings.Contains(first, ".")
}

// impureImports are the packages whose whole purpose is what a pure file must
// not have: locks, the outside world, chance. Net has two that only read texts.
var (
	impureImports = regexp.MustCompile(`^(sync|os|net|log|runtime|syscall|math/rand|crypto/rand|unsafe|testing)(/.*)?$`)
	pureImports   = regexp.MustCompile(`^net/(url|netip)$`)
)

// wallClock are the names of package time that read a clock, wait for one, or
// bring in local time.
var wallClock = regexp.MustCompile(`^(Now|Since|Until|After|AfterFunc|NewTimer|NewTicker|Sleep|Tick|Timer|Ticker|Local|LoadLocation)$`)

// seeded are the names of math/rand/v2 that are no global source.
var seeded = regexp.MustCompile(`^(New|NewPCG|NewChaCha8|NewZipf|Rand|PCG|ChaCha8|Source|Zipf)$`)

// checkPurity finds what makes a file more than a function of its inputs.
// globals are the package-level variables of its package.
func checkPurity(f *sourceFile, globals map[string]bool) []string {
	var problems []string
	report := func(at token.Pos, format string, args ...any) {
		problems = append(problems, f.problem(at, format, args...))
	}
	local := map[string]string{} // name in this file → import path
	for _, im := range f.imports() {
		local[im.name] = im.path
		switch {
		case im.path == "math/rand/v2" && im.name != ".", pureImports.MatchString(im.path):
		case impureImports.MatchString(im.path):
			report(im.at, "imports %s in a pure file", im.path)
		case im.name == "." && im.path == "time":
			report(im.at, "imports time with a dot: its clock would be hidden")
		}
	}
	top := topLevelVars(f.ast)
	writes := func(to ast.Expr) {
		id := root(to)
		if id == nil || id.Name == "_" {
			return
		}
		if (id.Obj != nil && top[id.Obj.Decl]) || (id.Obj == nil && globals[id.Name]) {
			report(to.Pos(), "changes the package-level variable %s", id.Name)
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			report(n.Pos(), "starts a goroutine in a pure file")
		case *ast.SelectStmt:
			report(n.Pos(), "selects in a pure file")
		case *ast.SendStmt:
			report(n.Pos(), "sends on a channel in a pure file")
		case *ast.ChanType:
			report(n.Pos(), "has a channel in a pure file")
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				report(n.Pos(), "receives from a channel in a pure file")
			}
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, to := range n.Lhs {
					writes(to)
				}
			}
		case *ast.IncDecStmt:
			writes(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				for _, to := range []ast.Expr{n.Key, n.Value} {
					if to != nil {
						writes(to)
					}
				}
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && fn.Obj == nil && (fn.Name == "delete" || fn.Name == "clear") {
				writes(n.Args[0])
			}
		case *ast.SelectorExpr:
			pkg, ok := n.X.(*ast.Ident)
			if !ok || pkg.Obj != nil { // a variable of that name, not the package
				break
			}
			switch name := n.Sel.Name; local[pkg.Name] {
			case "time":
				if wallClock.MatchString(name) {
					report(n.Pos(), "uses time.%s: a pure file is told the time", name)
				}
			case "math/rand/v2":
				if !seeded.MatchString(name) {
					report(n.Pos(), "uses the global rand.%s: randomness has a seed and an owner", name)
				}
			}
		}
		return true
	})
	for _, decl := range f.ast.Decls {
		if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.VAR {
			for _, spec := range gen.Specs {
				problems = append(problems, checkGlobal(f, spec.(*ast.ValueSpec))...)
			}
		}
	}
	return problems
}

// checkGlobal lets a package-level variable be a table or a sentinel and
// nothing that is there to be changed.
func checkGlobal(f *sourceFile, spec *ast.ValueSpec) []string {
	var problems []string
	for i, name := range spec.Names {
		if name.Name == "_" {
			continue
		}
		if i >= len(spec.Values) {
			problems = append(problems, f.problem(name.Pos(), "package-level variable %s has no value: it is there to be changed", name.Name))
			continue
		}
		switch v := spec.Values[i].(type) {
		case *ast.BasicLit:
			problems = append(problems, f.problem(name.Pos(), "package-level variable %s could be a constant", name.Name))
		case *ast.UnaryExpr:
			if v.Op == token.AND {
				problems = append(problems, f.problem(name.Pos(), "package-level variable %s is a pointer that anybody could write through", name.Name))
			}
		case *ast.CallExpr:
			if fn, ok := v.Fun.(*ast.Ident); ok && (fn.Name == "make" || fn.Name == "new") {
				problems = append(problems, f.problem(name.Pos(), "package-level variable %s is made empty: it is there to be filled", name.Name))
			}
		}
	}
	return problems
}

// topLevelVars returns the declarations of a file's package-level variables.
func topLevelVars(file *ast.File) map[any]bool {
	specs := map[any]bool{}
	for _, decl := range file.Decls {
		if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.VAR {
			for _, spec := range gen.Specs {
				specs[spec] = true
			}
		}
	}
	return specs
}

// globalNames returns the package-level variables of each directory.
func globalNames(files []*sourceFile) map[string]map[string]bool {
	names := map[string]map[string]bool{}
	for _, f := range files {
		if names[f.dir()] == nil {
			names[f.dir()] = map[string]bool{}
		}
		for spec := range topLevelVars(f.ast) {
			for _, name := range spec.(*ast.ValueSpec).Names {
				names[f.dir()][name.Name] = true
			}
		}
	}
	return names
}

// root returns the variable that an expression on the left of an assignment
// reaches into, or nil.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// checkComments finds exported names without a comment of their own: types,
// functions and methods, whose comment begins with the name; in the rooms, methods
// of interfaces, which hosts implement; and variables and constants, for which the
// comment of their group will do.
func checkComments(f *sourceFile) []string {
	if f.ast.Name.Name == "main" {
		return nil
	}
	var problems []string
	missing := func(name *ast.Ident, kind string) {
		problems = append(problems, f.problem(name.Pos(), "%s %s has no comment", kind, name.Name))
	}
	begins := func(name *ast.Ident, kind string, doc *ast.CommentGroup) {
		if doc == nil {
			missing(name, kind)
			return
		}
		words := strings.Fields(doc.Text())
		if len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) {
			words = words[1:]
		}
		if len(words) == 0 || strings.TrimRight(words[0], ":,") != name.Name {
			problems = append(problems, f.problem(name.Pos(), "the comment of %s %s must begin with its name", kind, name.Name))
		}
	}
	for _, decl := range f.ast.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && exportedReceiver(d) {
				begins(d.Name, "func", d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if !s.Name.IsExported() {
						continue
					}
					doc := s.Doc
					if doc == nil && !d.Lparen.IsValid() {
						doc = d.Doc
					}
					begins(s.Name, "type", doc)
					if in, ok := s.Type.(*ast.InterfaceType); ok && slices.Contains(rooms, f.dir()) {
						for _, method := range in.Methods.List {
							if len(method.Names) == 1 && method.Names[0].IsExported() && method.Doc == nil && method.Comment == nil {
								missing(method.Names[0], "method")
							}
						}
					}
				case *ast.ValueSpec:
					for _, name := range s.Names {
						if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
							missing(name, d.Tok.String())
						}
					}
				}
			}
		}
	}
	return problems
}

// exportedReceiver reports whether d is a function or a method of an exported
// type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	id := receiver(d.Recv.List[0].Type)
	return id != nil && id.IsExported()
}

// receiver returns the name of a receiver's type, or nil.
func receiver(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		default:
			return nil
		}
	}
}
