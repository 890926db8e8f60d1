// Calls operations of cr through the vendor's old Go SDK, whose client the aliyun command and Terraform's provider stand on.
// One call a line on standard input, {"action", "params"}; of each one line on standard output: {"status", "body"} as they were
// sent, and "typed", the body as the SDK's reply of that operation read it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/cr_ee"
)

type call struct {
	Action string            `json:"action"`
	Params map[string]string `json:"params"`
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
	for name, value := range asked.Params {
		if !set(request.Elem(), name, value) {
			return map[string]any{"unknown": asked.Action + " " + name}
		}
	}
	results := method.Call([]reflect.Value{request})
	if err, failed := results[1].Interface().(error); failed {
		refused, isServers := err.(*errors.ServerError)
		if !isServers {
			return map[string]any{"failed": err.Error()}
		}
		return map[string]any{"status": refused.HttpStatus(), "body": map[string]string{"Code": refused.ErrorCode(), "Message": refused.Message()}}
	}
	sent := results[0].Interface().(responses.AcsResponse)
	return map[string]any{
		"status": sent.GetHttpStatus(),
		"body":   json.RawMessage(sent.GetHttpContentBytes()),
		"typed":  reflect.Indirect(results[0]).Interface(),
	}
}

// Sets a parameter: a text, or `Name.N` of a list of texts. False where the SDK has no such parameter.
func set(request reflect.Value, name string, value string) bool {
	base, number, isItem := strings.Cut(name, ".")
	field := request.FieldByName(base)
	if !field.IsValid() {
		return false
	}
	if !isItem {
		field.SetString(value)
		return true
	}
	at, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	if field.IsNil() {
		field.Set(reflect.New(field.Type().Elem()))
	}
	for field.Elem().Len() < at {
		field.Elem().Set(reflect.Append(field.Elem(), reflect.ValueOf("")))
	}
	field.Elem().Index(at - 1).SetString(value)
	return true
}
