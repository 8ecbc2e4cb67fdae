package speech
import ("testing";"os";"strings";"strconv")
func TestOracle(t *testing.T){
 b,_:=os.ReadFile("/tmp/oracle.tsv")
 bad:=map[string]int{}
 for _,l:=range strings.Split(strings.TrimSpace(string(b)),"\n"){
  f:=strings.Split(l,"\t"); n,_:=strconv.Atoi(f[2])
  form:=Counting
  switch { case strings.HasSuffix(f[1],"feminine"): form=Feminine; case strings.HasSuffix(f[1],"neuter"): form=Neuter; case strings.HasSuffix(f[1],"masculine"): form=Masculine}
  got:=Number(f[0],n,form); want:=strings.ReplaceAll(f[3],"\u00ad","")
  switch f[0] {
   case "fr": want=strings.ReplaceAll(want,"-et-"," et ")
   case "nl": want=strings.TrimSpace(strings.ReplaceAll(want,"duizend","duizend ")); if want=="een" {want="één"}
   case "ru": want=strings.Replace(want,"одна тысяча","тысяча",1)
   case "pt": want=strings.ReplaceAll(want,"catorze","quatorze")
   case "zh": want=strings.ReplaceAll(strings.ReplaceAll(want,"〇","零"),"二千","两千")
   case "vi": want=strings.ReplaceAll(want,"lẻ","linh")
   case "ja": r:=strings.NewReplacer("三百","さんびゃく","六百","ろっぴゃく","八百","はっぴゃく","三千","さんぜん","八千","はっせん","〇","ゼロ","一","いち","二","に","三","さん","四","よん","五","ご","六","ろく","七","なな","八","はち","九","きゅう","十","じゅう","百","ひゃく","千","せん"); want=r.Replace(want)
  }
  if got!=want { k:=f[0]+f[1]; bad[k]++; if bad[k]<=12 { t.Logf("%s %d: got %q icu %q",k,n,got,want)} }
 }
 t.Log(bad)
}
