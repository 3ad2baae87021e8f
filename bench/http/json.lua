wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"name":"anode","list":[1,2,3,4,5],"nested":{"a":"b","c":[true,false,null]}}'
