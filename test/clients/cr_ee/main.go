// Calls operations of cr through the vendor's old Go SDK, whose client the aliyun command and Terraform's provider use.
// Driver.ask in driver.ts has the form of calls and answers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/cr_ee"
)

type call struct {
	Action string         `json:"action"`
	Params map[string]any `json:"params"`
}

func main() {
	client, err := cr_ee.NewClientWithAccessKey("local", os.Getenv("KEY_ID"), os.Getenv("KEY_SECRET"))
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked call
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		answer, err := json.Marshal(perform(client, asked))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(answer))
	}
}

func perform(client *cr_ee.Client, asked call) map[string]any {
	method := reflect.ValueOf(client).MethodByName(asked.Action)
	if !method.IsValid() {
		return map[string]any{"unknown": asked.Action}
	}
	request := reflect.New(method.Type().In(0).Elem())
	rpc := &requests.RpcRequest{}
	request.Elem().FieldByName("RpcRequest").Set(reflect.ValueOf(rpc))
	rpc.InitWithApiInfo("cr", "2018-12-01", asked.Action, "acr", "openAPI")
	rpc.Method = requests.POST
	rpc.Scheme = "http"
	rpc.Domain = os.Getenv("HOST")
	for _, name := range namesOf(asked.Params) {
		if !set(request.Elem(), name, asked.Params[name]) {
			return map[string]any{"unknown": asked.Action + " " + name}
		}
	}
	results := method.Call([]reflect.Value{request})
	if err, failed := results[1].Interface().(error); failed {
		refused, isServers := err.(*errors.ServerError)
		if !isServers {
			return map[string]any{"failed": err.Error()}
		}
		return map[string]any{"code": refused.ErrorCode()}
	}
	return map[string]any{"read": reflect.Indirect(results[0]).Interface()}
}

// In an order, so that the first unknown one is always the same.
func namesOf(params map[string]any) []string {
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Sets a text or a list of texts. False where the SDK has no such parameter.
func set(request reflect.Value, name string, value any) bool {
	field := request.FieldByName(name)
	if !field.IsValid() {
		return false
	}
	items, isList := value.([]any)
	if !isList {
		field.SetString(value.(string))
		return true
	}
	if field.Type() != reflect.TypeOf(&[]string{}) {
		return false
	}
	texts := make([]string, len(items))
	for i, item := range items {
		text, isText := item.(string)
		if !isText {
			return false
		}
		texts[i] = text
	}
	field.Set(reflect.ValueOf(&texts))
	return true
}
