package model
import ("testing";"os";"strings")
func TestZZ(t *testing.T){
 b,_:=os.ReadFile("/tmp/acd/r3tmp/fail.acd")
 var lines []string
 for _,l:=range strings.Split(string(b),"\n"){ if l!=""{lines=append(lines,l)}}
 if len(os.Getenv("CUT"))>0 { lines=lines[:len(lines)-1]}
 lines=append(lines,"restart confirm=none")
 if d:=compare(lines);d!=nil{ t.Fatalf("%s",shorten(lines,d)) }
 m:=New(); for _,l:=range lines{ m.Apply(l)}
 t.Log(strings.Join(m.State(),"\n"))
}
