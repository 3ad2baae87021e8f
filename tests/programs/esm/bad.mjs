import { nothing } from './counter.mjs'; nothing();
